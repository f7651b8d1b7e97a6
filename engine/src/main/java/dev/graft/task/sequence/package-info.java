/** Tasks over the words of a sequence, and what they are measured by. */
package dev.graft.task.sequence;
