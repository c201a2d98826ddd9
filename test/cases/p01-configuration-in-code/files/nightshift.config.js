require('node:fs').writeFileSync('ran', '')
