/** The organization's own pages: who is in it, what they may do, and the viewer's sessions. */
import { Building2, KeyRound, Mail, MonitorSmartphone, Shapes, SquareAsterisk, Users } from 'lucide-react';
import { NavLink, Outlet, useOutletContext } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { OrganizationQuery } from '../../gql/graphql';
import { LoadError, Skeletons } from '../../kit/states';
import { Header } from '../../shell/header';
import '../../kit/table.css';
import '../settings.css';

const Organization = graphql(`
  query Organization {
    viewer {
      id
      name
      role
      permissions
      member {
        id
      }
      organization {
        name
        plan
        viewerCapabilities {
          createApp {
            allowed
            reason
          }
          inviteMembers {
            allowed
            reason
          }
          changeMembers {
            allowed
            reason
          }
          changeRoles {
            allowed
            reason
          }
        }
      }
    }
    apps(first: 100) {
      totalCount
      nodes {
        id
        name
      }
    }
  }
`);

const PAGES = [
  { to: '/organization', text: 'General', icon: Building2, needs: null },
  { to: '/organization/members', text: 'Members', icon: Users, needs: 'member.read' },
  { to: '/organization/invitations', text: 'Invitations', icon: Mail, needs: 'member.read' },
  { to: '/organization/roles', text: 'Roles', icon: Shapes, needs: 'member.read' },
  { to: '/organization/service-tokens', text: 'Service tokens', icon: KeyRound, needs: 'member.read' },
  { to: '/organization/access-tokens', text: 'Access tokens', icon: SquareAsterisk, needs: null },
  { to: '/organization/sessions', text: 'Sessions', icon: MonitorSmartphone, needs: null },
];

export function useOrganization(): OrganizationQuery {
  return useOutletContext<OrganizationQuery>();
}

export function Component() {
  const read = useLive(Organization, {});
  const held = read.data?.viewer.permissions ?? [];
  return (
    <div className="shell">
      <Header crumb="Organization" {...(read.data && { viewer: read.data.viewer })} />
      <nav aria-label="Main" className="sidebar">
        <ul className="sidebar-pages">
          {PAGES.filter(({ needs }) => needs === null || held.includes(needs)).map(({ to, text, icon: Icon }) => (
            <li key={to}>
              <NavLink to={to} end={to === '/organization'} className="sidebar-link">
                <Icon size={15} aria-hidden />
                {text}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        {read.data ? (
          <Outlet context={read.data} />
        ) : (
          <div className="page">
            {read.error ? (
              <LoadError what="the organization" error={read.error} retry={read.refetch} />
            ) : (
              <Skeletons count={3} height="row" />
            )}
          </div>
        )}
      </main>
    </div>
  );
}
