// The demo shop: a real one puts it into its cart; this one only says so.
const said = document.querySelector('.basket');
document.addEventListener('kept-buy', ({ detail }) => {
  said.textContent = said.dataset.added.replace('{quantity}', () => detail.quantity);
});
document.addEventListener('kept-availability', () => {
  said.textContent = '';
});
