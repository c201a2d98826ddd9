# With --no-stream-commands a line that begins with ::warning:: is plain output.
start-job --no-stream-commands --wait 'echo ::warning::text; echo ::error::text; echo plain'
start-job --wait 'echo ::warning::text; echo plain'
