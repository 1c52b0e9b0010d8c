// How the GNU C library keeps memory that is given back to it, which Swift's module of it leaves out.
#ifdef __linux__
#include <malloc.h>
#endif
