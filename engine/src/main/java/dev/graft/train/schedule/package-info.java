/**
 * Shapes of the learning rate over a phase: pure functions of the update's number. Groups keep the
 * ratio of their rates, because a shape is a factor on all of them.
 */
package dev.graft.train.schedule;
