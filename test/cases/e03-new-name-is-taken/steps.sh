# A definition that is there is never overwritten.
mkdir definitions
echo "mine" >definitions/hello.yml
nightshift new Hello || code=$?
cat definitions/*
exit "$code"
