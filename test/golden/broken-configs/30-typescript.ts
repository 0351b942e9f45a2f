export default {
  client: { base_url: 'https://api.example.com' },
  resources: [{ name: 'posts', endpoint: { path: 'posts' }, write_dispositon: 'merge' }],
};
