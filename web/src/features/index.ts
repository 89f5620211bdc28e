/** Every module of the app. The order here means nothing: entries, cards and tabs carry their own. */
import type { Module } from '@/frame/module';
import { activity } from './activity';
import { deployments } from './deployments';
import { models } from './models';
import { programs } from './programs';
import { projects } from './projects';
import { runs } from './runs';
import { settings } from './settings';
import { workloads } from './workloads';

export const modules: Module[] = [activity, deployments, models, programs, projects, runs, settings, workloads];
