"""The forms of signing in and of one's own account. Passwords are taken as they were typed, with their blanks."""

from __future__ import annotations

from pydantic import BaseModel, Field

LONGEST_PASSWORD = 256
_CODE = "Six digits that your authenticator program shows now, or one of your printed codes"


class SignInForm(BaseModel):
    """Who signs in."""

    login: str = Field(title="Name to sign in with", max_length=60)
    password: str = Field(title="Password", max_length=LONGEST_PASSWORD)
    code: str = Field(title="One-time code", description=_CODE, max_length=60)


class ProofForm(BaseModel):
    """Who is signed in and proves it again."""

    password: str = Field(title="Password", max_length=LONGEST_PASSWORD)
    code: str = Field(title="One-time code", description=_CODE, max_length=60)


class InvitationForm(BaseModel):
    """Who was invited, and the password they choose."""

    login: str = Field(title="Name to sign in with", description="As your administrator told you", max_length=60)
    invitation: str = Field(title="Invitation", description="The code that your administrator gave you", max_length=60)
    password: str = Field(
        title="New password",
        description="At least 10 characters; four or more unrelated words are good and easy to keep in mind",
        max_length=LONGEST_PASSWORD,
    )
    again: str = Field(title="New password again", max_length=LONGEST_PASSWORD)


class FirstCodeForm(BaseModel):
    """The first code of a new second factor."""

    code: str = Field(title="One-time code", description="Six digits that the program shows now", max_length=20)


class PasskeyForm(BaseModel):
    """What a person calls a new passkey."""

    name: str = Field(title="Name of the passkey", description="Such as the device that it is kept on", max_length=60)
