/** Where texts come from. */
package dev.graft.text.source;
