import './workers';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import './style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer';

const root = document.getElementById('graphiql');
if (!root) throw new Error('The page has no place for GraphiQL.');
createRoot(root).render(
  <StrictMode>
    <Explorer />
  </StrictMode>,
);
