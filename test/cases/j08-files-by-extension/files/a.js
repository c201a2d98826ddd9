console.log('js', process.argv[2]);
