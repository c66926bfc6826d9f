/** Conversations in IndexedDB: the text stays in this browser until it is deleted here. */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ChatStore, Conversation, Turn } from '../core/conversation.ts';
import { openDatabase } from '../platform/browser-storage.ts';

interface Schema extends DBSchema {
  conversations: { key: string; value: Conversation; indexes: { time: string } };
  turns: { key: string; value: Turn; indexes: { place: [conversation: string, seq: number] } };
}

const placesOf = (conversation: string): IDBKeyRange =>
  IDBKeyRange.bound([conversation, -Infinity], [conversation, Infinity]);

export function openChats(name = 'flotilla-chats'): ChatStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = (): Promise<IDBPDatabase<Schema>> =>
    (opened ??= openDatabase<Schema>(name, 1, {
      upgrade: (db) => {
        db.createObjectStore('conversations', { keyPath: 'id' }).createIndex('time', 'time');
        db.createObjectStore('turns', { keyPath: 'id' }).createIndex('place', [
          'conversation',
          'seq',
        ]);
      },
    }));
  return {
    list: async () => (await (await database()).getAllFromIndex('conversations', 'time')).reverse(),
    turns: async (conversation) =>
      (await database()).getAllFromIndex('turns', 'place', placesOf(conversation)),
    put: async (conversation, turns) => {
      const transaction = (await database()).transaction(['conversations', 'turns'], 'readwrite');
      await Promise.all([
        transaction.objectStore('conversations').put(conversation),
        ...turns.map((turn) => transaction.objectStore('turns').put(turn)),
        transaction.done,
      ]);
    },
    removeTurns: async (ids) => {
      const transaction = (await database()).transaction('turns', 'readwrite');
      await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
    },
    remove: async (conversation) => {
      const transaction = (await database()).transaction(['conversations', 'turns'], 'readwrite');
      const turns = transaction.objectStore('turns');
      const ids = await turns.index('place').getAllKeys(placesOf(conversation));
      await Promise.all([
        transaction.objectStore('conversations').delete(conversation),
        ...ids.map((id) => turns.delete(id)),
        transaction.done,
      ]);
    },
  };
}
