// Before the first paint, so that a chosen theme does not flash. No attribute: the system's theme.
try {
  const theme = localStorage.getItem("throughline.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is shut off in this browser; the system's theme it is.
}
