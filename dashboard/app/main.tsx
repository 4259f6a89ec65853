/** The dashboard, from the address bar down. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { Provider } from 'urql';
import { startWaking } from './client/app-events';
import { client } from './client/client';
import { startNoticing } from './client/socket';
import { routes } from './routes';
import { applyTheme } from './shell/theme';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './kit/kit.css';
import './parts/parts.css';
import './shell/shell.css';

applyTheme();
startWaking();
startNoticing();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Provider value={client}>
      <RouterProvider router={createBrowserRouter(routes)} />
    </Provider>
  </StrictMode>,
);
