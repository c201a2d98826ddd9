console.log('mjs', process.argv[2]);
