/** Tasks: the head a model needs, the loss, the metrics and what the outputs mean. */
package dev.graft.task;
