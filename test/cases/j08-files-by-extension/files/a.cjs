console.log('cjs', require('node:process').argv[2]);
