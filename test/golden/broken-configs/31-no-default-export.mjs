export const config = { client: { base_url: 'https://api.example.com' }, resources: ['posts'] };
