/**
 * Helpers of the engine that are no part of its API: digests, atomic files, strict JSON. Modules of
 * this project may use them; plugins of others may not.
 */
package dev.graft.internal;
