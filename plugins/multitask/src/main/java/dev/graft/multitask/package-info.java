/**
 * Several tasks on one backbone: how much each counts, and how their gradients become one. Other
 * tasks than the first are named in the request; each has its own head and its own labels.
 */
package dev.graft.multitask;
