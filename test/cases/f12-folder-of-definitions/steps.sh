# A folder of definitions that is missing, or holds more than ten thousand, is refused.
start-job --definition-name N || echo "exit $?"
mkdir definitions
cd definitions
seq -f 'D%.0f.yaml' 10001 | xargs touch
cd ..
start-job --definition-name N || echo "exit $?"
