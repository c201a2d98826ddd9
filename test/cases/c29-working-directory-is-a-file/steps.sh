# A file is not a working directory.
start-job --working-directory a-file -- true
