/** A workflow as `workflows()` gives it. The app reads its file with the schema of src/core/workflow.ts. */
import type { TaskId } from '../core/request.ts';

/** Is there such a value, and is it one of these? */
export interface WorkflowCondition {
  /** A reference such as `$email.body` or `$fields.output.x`. */
  value: string;
  in?: (string | number | boolean | null)[];
  not?: boolean;
}

/** One request to the fleet, made from what came in and what earlier steps found. */
export interface WorkflowStep {
  id: string;
  title: string;
  task: TaskId;
  specialist?: string;
  /** What it works on; left out: the document as it came. */
  on?: 'document' | { attachment: ('pdf' | 'xml' | 'image')[] } | { text: string };
  /** Task-specific extras; a string that begins with `$` is a reference. */
  input?: { [name: string]: unknown };
  when?: WorkflowCondition;
  /** Left out, with the reason, where it cannot work on what it got. */
  optional?: boolean;
  /** `person`: where the answer is not accepted, a person decides before the next step. */
  doubt?: 'person' | 'go_on';
}

export interface Workflow {
  $schema?: string;
  schema: 1;
  id: string;
  version: string;
  title: string;
  description: string;
  /** What it works on, in words. */
  takes: string;
  /** What a person gives beside the document: `input` of the request, by name. */
  extras: {
    name: string;
    title: string;
    kind: 'text' | 'table' | 'knowledge';
    required: boolean;
    example?: string;
  }[];
  steps: WorkflowStep[];
  /** Named values of the record, each a reference. */
  result: { [name: string]: string };
  example: { text: string };
}
