# A text is the shell's, arithmetic included.
start-job --wait 'echo $((2+3))'
