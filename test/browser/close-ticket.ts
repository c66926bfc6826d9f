/** A tool that tests offer to the language model. */
export const CLOSE_TICKET = {
  type: 'function' as const,
  function: {
    name: 'close_ticket',
    description: 'Closes a ticket',
    parameters: {
      type: 'object',
      properties: { id: { type: 'integer', minimum: 1, maximum: 999 } },
      required: ['id'],
      additionalProperties: false,
    },
  },
};
