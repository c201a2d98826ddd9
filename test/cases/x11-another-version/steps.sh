# The eleventh example: a text is run by a runtime of the wanted version, and what there is not is refused.
major=$(node -p 'process.versions.node.split(".")[0]')
start-job --runtime "node@$major" --wait 'console.log(process.versions.node.split(".")[0])' > printed
[ "$(cat printed)" = "$major" ] && echo 'the wanted one'
start-job --runtime "node@$major.9999" --wait 'console.log(1)' 2> said || echo "exit $?"
sed "s/$(node -p process.versions.node)/VERSION/" said
start-job --ps-version 5.1 'x'
