// The one script of every page: binds the behaviors that its elements name.
import { bind } from "./bind.js";

await bind();
document.documentElement.dataset.behaviors = "bound";
