import { createRoot } from 'react-dom/client';
import { connectBridge } from './bridge.ts';
import { Now } from './now/now.tsx';
import { useSnapshot } from './now/snapshot-store.ts';
import './ui/tokens.css';

const bridge = connectBridge();
bridge.on('snapshot', (snapshot) => useSnapshot.getState().take(snapshot));
void bridge.request('snapshot', null, 5_000).then((snapshot) => useSnapshot.getState().take(snapshot));

const root = document.getElementById('root');
if (root) createRoot(root).render(<Now bridge={bridge} />);
