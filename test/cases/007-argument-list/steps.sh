# Every word of the argument list is an argument of the text.
start-job 'echo $#' --argument-list powershell pwsh notepad --wait
