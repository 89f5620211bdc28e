/** Every module of the app. The order here means nothing: entries, cards and tabs carry their own. */
import type { Module } from '@/frame/module';
import { projects } from './projects';

export const modules: Module[] = [projects];
