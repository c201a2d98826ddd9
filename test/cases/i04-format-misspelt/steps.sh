# A misspelt format is a usage error with a suggestion.
nightshift import github-action workflow.yml
