# A name counts once in all folders of definitionPath, also where one of them is named; a folder beside them has names of its own.
register-scheduled-job taken 'x' --definition-path second || echo "exit $?"
set-scheduled-job Other --definition-path second --new-name TAKEN || echo "exit $?"
register-scheduled-job taken 'x' --definition-path third -o id
find first second third -type f | sort
