public import ArgumentParser
public import Catalogue

extension ConflictPolicy: ExpressibleByArgument {}
