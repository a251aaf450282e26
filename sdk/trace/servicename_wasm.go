package trace

// unknownService is the service.name of who says none: a page, a Worker and a Compute service are not known by their program.
const unknownService = "unknown_service"
