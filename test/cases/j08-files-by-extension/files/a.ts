const word: string = 'ts';
console.log(word, process.argv[2]);
