# A working directory with quotes in its name arrives undamaged.
mkdir 'a "quoted" \ $folder'
start-job --wait --working-directory 'a "quoted" \ $folder' pwd
