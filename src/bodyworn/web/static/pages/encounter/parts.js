// The elements of the page that the scripts use, by their ids in camel case; an id that is not there is undefined.
export function parts(root = document) {
  const camel = (id) => id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries([...root.querySelectorAll("[id]")].map((element) => [camel(element.id), element]));
}
