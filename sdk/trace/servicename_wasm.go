package trace

// unknownService is the service.name of who says none: a program has no name here.
const unknownService = "unknown_service"
