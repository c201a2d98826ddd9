// Before the first paint, so that a page in the dark never flashes white. "light", "dark", or nothing: as the system has it.
try {
  const chosen = localStorage.getItem('nightshift.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing: as the system has it.
}
