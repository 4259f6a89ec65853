/** The breadcrumb with its menus, and the account. */
import {
  Building2,
  Check,
  ExternalLink,
  Keyboard,
  LogOut,
  Monitor,
  MonitorSmartphone,
  Moon,
  Search,
  Sun,
} from 'lucide-react';
import { useState } from 'react';
import { Button, Header as MenuHeader, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator, Text } from 'react-aria-components';
import { Link, useNavigate, useParams } from 'react-router';
import { initials } from '../kit/identity';
import { type AppData, useApp } from './app-data';
import { Brand } from './brand';
import { EnvironmentMenu } from './environment-menu';
import { showOverlay } from './shortcuts';
import { setTheme, theme, type Theme } from './theme';
import { appPage } from './address';

type Viewer = Pick<AppData['viewer'], 'name' | 'role' | 'organization'>;

/** Outside of an app, pages say where one is and who one is. */
export function Header({ crumb, viewer }: { crumb?: string; viewer?: Viewer }) {
  const { app: name } = useParams();
  return (
    <header className="header">
      <Link to="/apps" className="header-brand" aria-label="All apps">
        <Brand />
      </Link>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <ol>
          <li className="breadcrumb-app">
            {name ? <Link to={appPage(name)}>{name}</Link> : <span className="breadcrumb-here">{crumb}</span>}
          </li>
          <AppParts />
        </ol>
      </nav>
      <PaletteButton />
      <Account viewer={viewer} />
    </header>
  );
}

function useAppIfAny(): AppData | null {
  try {
    return useApp();
  } catch {
    return null;
  }
}

function AppParts() {
  const data = useAppIfAny();
  if (!data) return null;
  return (
    <li>
      <EnvironmentMenu />
    </li>
  );
}

function PaletteButton() {
  const data = useAppIfAny();
  if (!data) return null;
  return (
    <Button className="palette-button" aria-label="Command palette" onPress={() => showOverlay('palette')}>
      <Search size={13} aria-hidden />
      <span aria-hidden>Search</span>
      <kbd aria-hidden>{isMac ? '⌘' : 'Ctrl '}K</kbd>
    </Button>
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const THEMES: { id: Theme; text: string; icon: typeof Sun }[] = [
  { id: 'system', text: 'System', icon: Monitor },
  { id: 'light', text: 'Light', icon: Sun },
  { id: 'dark', text: 'Dark', icon: Moon },
];

function Account({ viewer: shown }: { viewer: Viewer | undefined }) {
  const data = useAppIfAny();
  const navigate = useNavigate();
  const [chosen, choose] = useState(theme);
  const viewer = shown ?? data?.viewer;
  return (
    <MenuTrigger>
      <Button className="account" aria-label={viewer ? `Account: ${viewer.name}` : 'Account'}>
        <span className="avatar" aria-hidden>
          {initials(viewer?.name ?? '?')}
        </span>
      </Button>
      <Popover className="popover account-popover" placement="bottom end">
        {viewer && (
          <div className="account-who">
            <strong>{viewer.name}</strong>
            <span className="subtle">
              {viewer.organization.name}
              {viewer.role && ` · ${viewer.role.toLowerCase()}`}
            </span>
          </div>
        )}
        <Menu className="menu">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[chosen]}
            onSelectionChange={(keys) => {
              const [to] = keys as Set<Theme>;
              if (!to) return;
              setTheme(to);
              choose(to);
            }}
          >
            <MenuHeader className="menu-heading">Theme</MenuHeader>
            {THEMES.map(({ id, text, icon: Icon }) => (
              <MenuItem key={id} id={id} textValue={text} className="menu-item">
                <Icon size={14} aria-hidden />
                <Text slot="label">{text}</Text>
                {chosen === id && (
                  <span className="menu-item-end">
                    <Check size={14} aria-hidden />
                  </span>
                )}
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className="menu-separator" />
          {data && (
            <MenuItem className="menu-item" onAction={() => showOverlay('keys')}>
              <Keyboard size={14} aria-hidden />
              <Text slot="label">Keyboard shortcuts</Text>
            </MenuItem>
          )}
          <MenuItem className="menu-item" onAction={() => void navigate('/organization')}>
            <Building2 size={14} aria-hidden />
            <Text slot="label">Organization</Text>
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void navigate('/organization/sessions')}>
            <MonitorSmartphone size={14} aria-hidden />
            <Text slot="label">Your sessions</Text>
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => location.assign('/graphiql')}>
            <ExternalLink size={14} aria-hidden />
            <Text slot="label">API explorer</Text>
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void signOut()}>
            <LogOut size={14} aria-hidden />
            <Text slot="label">Sign out</Text>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

async function signOut() {
  await fetch('/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  location.assign('/login');
}
