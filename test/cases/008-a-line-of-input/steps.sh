# A value of --input-object is one line of standard input and no file to read.
echo content > servers.txt
start-job --input-object servers.txt --wait cat
