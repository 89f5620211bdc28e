/** Sends an archive; XMLHttpRequest, because fetch does not tell how far an upload is. */
import { basePath } from '@/api/client';
import { csrfToken } from '@/api/credentials';
import { ApiError } from '@/api/errors';
import type { Parcel } from './dropped';

export interface Made {
  program: string;
  version: string;
  /** What to tell: "2 runs came along". */
  note: string;
}

interface Wire {
  program: string;
  version: string;
  created?: boolean;
  runs?: number;
}

export async function sendParcel(project: string, parcel: Parcel, progress: (share: number) => void): Promise<Made> {
  const isExport = parcel.kind === 'export';
  const query = parcel.describedBy ? `?${new URLSearchParams({ file: parcel.describedBy }).toString()}` : '';
  const path = `/api/v1/projects/${encodeURIComponent(project)}/programs${isExport ? '/import' : query}`;
  const { status, body } = await post(basePath + path, parcel.body, progress);
  const { program, version, created = status === 201, runs = 0 } = body as Wire;
  const note = created ? '' : 'It was here already, with just this content.';
  return { program, version, note: runs > 0 ? `${note} ${runs.toString()} of its runs came along.`.trim() : note };
}

function post(url: string, body: Blob, progress: (share: number) => void): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('Content-Type', 'application/gzip');
    request.setRequestHeader('X-CSRF-Token', csrfToken());
    request.upload.onprogress = ({ loaded, total }) => {
      progress(total > 0 ? loaded / total : 0);
    };
    request.onerror = () => {
      reject(new Error('The connection was lost while sending. Nothing was created; try again.'));
    };
    request.onload = () => {
      const { status, responseText } = request;
      if (status < 300) {
        resolve({ status, body: JSON.parse(responseText) as unknown });
        return;
      }
      void ApiError.from(new Response(responseText, { status })).then(reject);
    };
    request.send(body);
  });
}
