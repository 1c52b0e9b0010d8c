#pragma once
#include <curl/curl.h>

/// Options are variadic, which Swift does not import.
static inline CURLcode ccurl_set_text(CURL *curl, CURLoption option, const char *value) { return curl_easy_setopt(curl, option, value); }
static inline CURLcode ccurl_set_number(CURL *curl, CURLoption option, long value) { return curl_easy_setopt(curl, option, value); }
static inline CURLcode ccurl_set_list(CURL *curl, CURLoption option, struct curl_slist *value) { return curl_easy_setopt(curl, option, value); }
static inline CURLcode ccurl_set_pointer(CURL *curl, CURLoption option, void *value) { return curl_easy_setopt(curl, option, value); }
typedef size_t (*ccurl_reader)(char *buffer, size_t size, size_t count, void *context);
static inline CURLcode ccurl_set_reader(CURL *curl, ccurl_reader reader) { return curl_easy_setopt(curl, CURLOPT_READFUNCTION, reader); }
typedef size_t (*ccurl_writer)(char *data, size_t size, size_t count, void *context);
static inline CURLcode ccurl_set_writer(CURL *curl, ccurl_writer writer) { return curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, writer); }
static inline CURLcode ccurl_response_code(CURL *curl, long *code) { return curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, code); }
/// CURL_GLOBAL_DEFAULT is a macro of casts. May be called more than once, and from any thread since 7.84.
static inline CURLcode ccurl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
/// An enumeration of bits.
static inline CURLcode ccurl_require_tls(CURL *curl) { return curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL); }
