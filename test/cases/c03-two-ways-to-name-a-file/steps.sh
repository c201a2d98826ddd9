# A script file is named once, as a pattern or as a literal path.
touch "a[1].sh"
echo "echo by its literal name" > "a[1].sh"
start-job --literal-path "a[1].sh" --wait
start-job --literal-path "a*.sh" || echo $?
start-job --file-path a --literal-path b
