/** The error every API call may end with: {"error": {"code", "message", "detail", "request_id"}}. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly detail: Record<string, unknown>,
    readonly requestId: string | null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  static async from(response: Response): Promise<ApiError> {
    const requestId = response.headers.get('x-request-id');
    try {
      const body: unknown = await response.clone().json();
      return ApiError.parse(body, response.status, requestId);
    } catch {
      return new ApiError(
        `The server answered ${response.status.toString()}.`,
        response.status,
        'unknown',
        {},
        requestId,
      );
    }
  }

  private static parse(body: unknown, status: number, requestId: string | null): ApiError {
    const error = (body as { error?: unknown }).error;
    if (typeof error === 'string') return new ApiError(error, status, 'unknown', {}, requestId);
    const { code, message, detail, request_id } = (error ?? {}) as Partial<Wire>;
    return new ApiError(
      message ?? `The server answered ${status.toString()}.`,
      status,
      code ?? 'unknown',
      detail ?? {},
      request_id ?? requestId,
    );
  }
}

interface Wire {
  code: string;
  message: string;
  detail: Record<string, unknown>;
  request_id: string;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
