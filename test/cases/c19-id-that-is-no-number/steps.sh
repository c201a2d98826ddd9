# An id that is no number is a usage error.
receive-job --id abc
