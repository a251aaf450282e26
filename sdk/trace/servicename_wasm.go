package trace

// unknownService is the service.name of a service that has none. The name of the program says nothing about a page, a Worker or
// a Compute service.
const unknownService = "unknown_service"
