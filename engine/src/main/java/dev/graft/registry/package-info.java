/** Finds plugins through their services files. A registry is a value that is passed in. */
package dev.graft.registry;
