/**
 * Training: one visible loop that carries out a plan. Everything it needs is passed in; what it
 * does is told as events; what it has done is in snapshots from which it resumes bit for bit.
 */
package dev.graft.train;
