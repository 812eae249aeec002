// Sets the chosen colours before the first paint. A classic script on purpose: modules run too late for that.
'use strict';
(() => {
  const chosen = () => {
    try {
      return localStorage.getItem('switchboard:theme') || 'auto';
    } catch {
      return 'auto';
    }
  };
  const apply = (theme) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply(chosen());
  window.switchboardTheme = {
    chosen,
    choose(theme) {
      try {
        localStorage.setItem('switchboard:theme', theme);
      } catch {
        /* Private windows may refuse; the choice then lasts for this page. */
      }
      apply(theme);
    },
  };
})();
