/** The command palette: go anywhere, start anything. It opens the same dialogs as the menus do. */
import { Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Header,
  Heading,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Modal,
  ModalOverlay,
  Text,
  TextField,
} from 'react-aria-components';
import { useCommands } from './all-commands';
import { type Command, grouped, recentCommands, remember } from './commands';
import './palette.css';

export default function Palette({ onClose }: { onClose: () => void }) {
  const commands = useCommands();
  const [typed, type] = useState('');
  const [recent] = useState(recentCommands);
  const groups = grouped(commands, typed, recent);

  function run(command: Command | undefined) {
    if (!command) return;
    remember(command.id);
    onClose();
    command.run();
  }

  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal palette" data-wide>
        <Dialog className="dialog">
          <Heading slot="title" className="visually-hidden" level={2}>
            Command palette
          </Heading>
          <Autocomplete inputValue={typed} onInputChange={type}>
            <TextField aria-label="Search commands" autoFocus className="palette-field">
              <Search size={16} aria-hidden />
              <Input role="combobox" aria-expanded placeholder="Go to, promote, find a commit…" />
            </TextField>
            <ListBox
              aria-label="Commands"
              className="listbox palette-list"
              onAction={(id) => run(commands.find((one) => one.id === id))}
              renderEmptyState={() => <p className="palette-empty subtle">Nothing is called that.</p>}
            >
              {groups.map(([group, own]) => (
                <ListBoxSection key={group} id={group}>
                  <Header className="menu-heading">{group}</Header>
                  {own.map(({ id, text, hint, icon: Icon }) => (
                    <ListBoxItem key={id} id={id} textValue={text} className="listbox-item">
                      <Icon size={14} aria-hidden />
                      <Text slot="label" className="palette-text">
                        {text}
                      </Text>
                      {hint && (
                        <Text slot="description" className="palette-hint subtle">
                          {hint}
                        </Text>
                      )}
                    </ListBoxItem>
                  ))}
                </ListBoxSection>
              ))}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
