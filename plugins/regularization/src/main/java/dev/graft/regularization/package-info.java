/**
 * Additions that hold a transfer back from forgetting or from fitting too closely: penalties on
 * weights, on features and on outputs, each an id of its own.
 */
package dev.graft.regularization;
