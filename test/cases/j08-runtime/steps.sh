# --runtime says who reads a text or a file, whatever the file is called.
start-job --runtime bash --wait 'echo "${BASH_VERSION:+bash} $1"' -- x
start-job --runtime node --wait 'console.log(process.argv.slice(2))' -- x -y
echo 'console.log("node", ...process.argv.slice(2))' > notes.txt
start-job --runtime node --file-path notes.txt --wait -- x
echo 'echo "sh $1"' > text.js
start-job --runtime sh --literal-path text.js --wait -- x
start-job --runtime node -- true || echo "exit $?"
