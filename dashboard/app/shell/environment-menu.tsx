/** The environment dropdown of the breadcrumb: where one is, where one may go, what one may do. */
import { ArrowUpFromLine, Check, ChevronsUpDown, History, Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
  Text,
} from 'react-aria-components';
import { useLocation, useNavigate, useParams } from 'react-router';
import { PinLabel } from '../kit/identity';
import { appPage, useOpenDialog } from './address';
import { type Environment, useApp } from './app-data';
import { EnvironmentDot } from './environment-dot';

const MANY = 8;
/** Few apps have so many environments, and what filters them is large. */
const Searchable = lazy(() => import('./searchable'));

export function EnvironmentMenu() {
  const { app } = useApp();
  const { environment: name } = useParams();
  const environments = app.environments.nodes;
  const current = environments.find((one) => one.name === name);
  return (
    <MenuTrigger>
      <Button
        className="crumb-button"
        aria-label={current ? `Environment: ${current.name} · ${current.pinLabel}` : 'Environments'}
      >
        {current ? (
          <>
            <EnvironmentDot environment={current} />
            <span>
              {current.name} <span className="subtle">·</span>{' '}
              <span className="crumb-pin">{current.pinLabel}</span>
            </span>
          </>
        ) : (
          <span className="muted">All environments</span>
        )}
        <ChevronsUpDown size={13} aria-hidden />
      </Button>
      <Popover className="popover environment-popover" placement="bottom start">
        <span id="environments-label" hidden>
          Environments
        </span>
        {environments.length > MANY ? (
          <Suspense fallback={<Items current={current} />}>
            <Searchable>
              <Items current={current} />
            </Searchable>
          </Suspense>
        ) : (
          <Items current={current} />
        )}
      </Popover>
    </MenuTrigger>
  );
}

function Items({ current }: { current: Environment | undefined }) {
  const { app } = useApp();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const openDialog = useOpenDialog();
  const mayInsert = app.viewerPermissions.includes('environment.insert');
  const mayPromote = current && !current.isDefault && app.viewerPermissions.includes('environment.promote');
  const mayRollBack = mayPromote && current.pin !== null && current.currentVersion > 1;

  function go(to: Environment) {
    const tab = /\/e\/[^/]+\/(deployments|timeline|settings\/[a-z-]+)/.exec(pathname)?.[1] ?? 'deployments';
    void navigate(`${appPage(app.name)}/e/${to.name}/${tab}`);
  }

  return (
    <Menu aria-labelledby="environments-label" className="menu">
      <MenuSection
        selectionMode="single"
        selectedKeys={current ? [current.id] : []}
        onSelectionChange={() => undefined}
      >
        <Header className="menu-heading">Switch environment</Header>
        {app.environments.nodes.map((one) => (
          <MenuItem
            key={one.id}
            id={one.id}
            textValue={one.name}
            className="menu-item"
            onAction={() => go(one)}
          >
            <EnvironmentDot environment={one} />
            <Text slot="label">{one.name}</Text>
            <span className="menu-item-end">
              <Text slot="description" className="menu-description">
                <PinLabel label={one.pinLabel} state={one.state} />
                {one.deploying && <span className="menu-deploying">, Deploying…</span>}
              </Text>
              {one.id === current?.id ? <Check size={14} aria-hidden /> : <span className="check-space" />}
            </span>
          </MenuItem>
        ))}
      </MenuSection>
      {(mayInsert || mayPromote) && <Separator className="menu-separator" />}
      {mayInsert && (
        <MenuItem className="menu-item" onAction={() => openDialog('new-env')}>
          <Plus size={14} aria-hidden />
          <Text slot="label">New environment</Text>
        </MenuItem>
      )}
      {mayPromote && (
        <MenuItem className="menu-item" onAction={() => openDialog('promote')}>
          <ArrowUpFromLine size={14} aria-hidden />
          <Text slot="label">Promote to {current.name}</Text>
        </MenuItem>
      )}
      {mayRollBack && (
        <MenuItem className="menu-item" onAction={() => openDialog('rollback')}>
          <History size={14} aria-hidden />
          <Text slot="label">Roll back {current.name}</Text>
        </MenuItem>
      )}
    </Menu>
  );
}
