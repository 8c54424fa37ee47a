/** What the AWS SDK's clients are made with: `new DynamoDBClient(server.isolated())`. */
export interface ShoalClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** A rule of docs/faults.md: `{ fault: "throttle", table: "Music", next: 2 }`. */
export interface FaultRule {
  fault: "throttle" | "internal_error" | "latency" | "transaction_conflict" | "transaction_in_progress" | "unprocessed" |
    "stale_reads" | "index_lag";
  table?: string;
  operation?: string;
  next?: number;
  probability?: number;
  seed?: number;
  latency_ms?: number;
  fraction?: number;
  count?: number;
  age_ms?: number;
  lag_ms?: number;
}

/** What was asked of an account, in order. */
export interface Journal {
  requests: {
    at: string; request_id: string; operation: string; account: string; region: string; tables: string[];
    read_units: number; write_units: number; status: number; milliseconds: number; error?: string;
  }[];

  /** How often each was called. */
  operations: Record<string, number>;
  readUnits: number;
  writeUnits: number;
}

/** What went wrong with the server or its control interface, and what to do. */
export class ShoalError extends Error {}

/** A server that runs somewhere. */
export class Shoal {
  constructor(url: string);
  readonly url: string;
  readonly port: number;

  /** The account of everybody who has none of their own (`local`, whose signatures are verified). */
  readonly config: ShoalClientConfig;

  /** A fresh account: an empty world that nothing else sees, whichever process asks. There is nothing to clean up. */
  isolated(): ShoalClientConfig;

  /** The account of an access key. Keys that are not of twelve digits share one. */
  account(accessKeyId: string, secretAccessKey?: string): ShoalClientConfig;

  /** Environment variables by which the SDK finds there on its own: of a fresh account, unless one is given. */
  environment(config?: ShoalClientConfig): Record<string, string>;

  health(): Promise<{ status: string }>;
  waitUntilHealthy(timeoutMs?: number): Promise<void>;

  /** What the server takes the time to be, in seconds since 1970. */
  now(): Promise<number>;

  /** Moves the clock of the server, and so of all accounts, forward, and says what it then shows. */
  advanceClock(seconds: number): Promise<number>;

  /** Adds rules, which strike all accounts. */
  setFaults(...rules: FaultRule[]): Promise<FaultRule[]>;

  /** The rules there are, with how many requests each has struck. */
  faults(): Promise<(FaultRule & { struck: number })[]>;
  clearFaults(): Promise<void>;

  /** Deletes everything of all accounts, or of one, in a moment. */
  reset(config?: ShoalClientConfig): Promise<void>;

  /**
   * Makes tables and items of the account of `config` from folders and files of JSON, CSV, CloudFormation templates or
   * Terraform plans, as `shoal seed` does. `parameters` are those of templates.
   */
  seed(config: ShoalClientConfig, paths: string | string[],
       options?: { parameters?: Record<string, string | number>; intoExisting?: boolean }): Promise<void>;

  /** Keeps all data of all accounts under a name. Both ways take a moment, however much there is. */
  snapshot(name: string): Promise<void>;

  /** All data is as it was when the snapshot was taken. Snapshots that were taken later are gone, this one is kept. */
  restore(name: string): Promise<void>;

  /** What is asked of the account of `config` while `run` runs. A server has one journal: another one ends it. */
  journal(config: ShoalClientConfig, run: () => Promise<unknown>, options?: { requestsMax?: number }): Promise<Journal>;

  /** Any request to /_shoal/<path>. */
  control(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<any>;
}

/** A server that this process started, and that ends with it. */
export class ShoalServer extends Shoal {
  private constructor();

  /** How long it took until it served. */
  readonly startMs: number;
  readonly running: boolean;

  /** What it has told on standard error so far. */
  log(): string;

  /** Rejects, with the log, if the server had died before, or did not end well. Twice is once. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Flags of the program. In memory and on a free port of 127.0.0.1, unless they say otherwise. */
  args?: string[];

  /** The program: this, or $SHOAL_BINARY, or the one in the package. */
  binary?: string;

  /** Environment variables for the server. SHOAL_... variables of this process do not reach it. */
  env?: Record<string, string>;

  /** How long it may take to start, and to stop. */
  timeoutMs?: number;
}

/** Starts a server, and returns once it serves, which takes it some 20 ms. */
export function startShoal(options?: StartOptions): Promise<ShoalServer>;

/** The server that a set-up of Jest or Vitest started ($SHOAL_URL), or one that runs elsewhere. */
export function connectShoal(url?: string): Shoal;
